from .models import Base, Derived
#     ^ imports app.models import
#                   ^ imports app.models.Base import
#                         ^ imports app.models.Derived import
from . import sub
#             ^ imports app.sub import
from .sub import *
#     ^ imports app.sub import
