"""The signed-in office: pages under `/{language}/office/`, for everyone who acts for an organisation.

Every page is drawn from declarations and queries: a new procedure needs nothing here.
"""
