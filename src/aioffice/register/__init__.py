"""The register: systems of operators, and the EU database (Article 71) that holds their registrations."""
