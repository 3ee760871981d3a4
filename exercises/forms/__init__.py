"""What somebody typed, checked. Forms take the viewer, narrow every choice to the patient, and never write."""
