"""Code sets and closed vocabularies: ICD-10-CM, HCPCS II, NPI, credentials."""
