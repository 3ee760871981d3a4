import pytest

from tests import servers


@pytest.fixture(scope="session")
def django_db_setup():
    """These tests have servers and databases of their own; none for this process."""


@pytest.fixture
def own_database(tmp_path):
    with servers.own_database(tmp_path) as url:
        yield url
