"""What somebody typed, checked. Forms take the viewer, narrow choices to the patient, and never write."""
