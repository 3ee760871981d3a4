"""How a form is laid out that has its own button."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms


def with_button(form: forms.Form, *fields: Any, button: Any) -> FormHelper:
    """The fields in this order, then the button; the page writes the ``form`` element around them."""
    helper = FormHelper(form)
    helper.form_tag = False
    helper.layout = Layout(*fields, Submit("save", button))
    return helper
