"""The procedures of this desk; importing this package declares them all."""

from aioffice.desks.admission.procedure.access import SecureAccess, StaffClearance
from aioffice.desks.admission.procedure.capacity import CapacityGranted
from aioffice.desks.admission.procedure.impersonation import IdentityHearing, ImpersonationReport
from aioffice.desks.admission.procedure.mandate import RepresentativeMandate
from aioffice.desks.admission.procedure.operator import OperatorAdmission

__all__ = [
    "CapacityGranted",
    "IdentityHearing",
    "ImpersonationReport",
    "OperatorAdmission",
    "RepresentativeMandate",
    "SecureAccess",
    "StaffClearance",
]
