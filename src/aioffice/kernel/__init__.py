"""The kernel: parties, procedures, documents, notices and the database underneath; knows no single procedure."""
