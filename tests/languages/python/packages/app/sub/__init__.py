from ..models import make as made, default
#      ^ imports app.models import
#                    ^ imports app.models.make import
#                                  ^ imports app.models.default import

__all__ = ["made", "default", "hidden"]
# <- definition.variable app.sub.__all__
hidden = 1
# <- definition.variable app.sub.hidden exported
_internal = 2
# <- definition.variable app.sub._internal visibility=protected
