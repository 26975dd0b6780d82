"""The commission's own work (纪检监察): what a person finds where no rule can."""
