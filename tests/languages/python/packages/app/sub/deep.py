import app
#      ^ imports app import
import app.models
#          ^ imports app.models import
from app import Derived, made
#    ^ imports app import
#               ^ imports app.models.Derived import
#                        ^ imports app.models.make import
from app.sub import deep as itself
#        ^ imports app.sub import
#                   ^ imports app.sub.deep import
from other.plain import *
#          ^ imports other.plain import
from ... import nothing
#               ^ imports unresolved

app.models.make().other()
# <- references app import
#   ^ references app.models import
#          ^ calls app.models.make module
#                 ^ calls app.models.Derived.other type
app.Base().run()
# <- references app import
#   ^ calls app.models.Base module
#          ^ calls app.models.Root.run inferred
app.made().step()
# <- references app import
#   ^ calls app.models.make module
#          ^ calls app.models.Derived.step type
Derived().other()
# <- calls app.models.Derived import
#         ^ calls app.models.Derived.other inferred
made().run()
# <- calls app.models.make import
#      ^ calls app.models.Root.run type
app.default.step()
# <- references app import
#   ^ references app.models.default module
#           ^ calls app.models.Derived.step type
app.sub.hidden
# <- references app import
#   ^ references app.sub import
#       ^ references app.sub.hidden module
seen()
# <- calls other.plain.seen import
_unseen()
# <- calls unresolved
itself.local()
# <- references app.sub.deep import
#      ^ calls app.sub.deep.local module


def local():
#   ^ definition.function app.sub.deep.local exported
    import os, app.models as inner
    #      ^ imports external
    #              ^ imports app.models import
    inner.Root().run()
    # <- references app.models import
    #     ^ calls app.models.Root module
    #            ^ calls app.models.Root.run inferred
    os.getcwd()
    # <- references external
    #  ^ calls external
    try:
        from missing import gone
        #    ^ imports external
        #                   ^ imports external
    except ImportError:
    #      ^ references external
        gone = None
        # <- references external
    gone()
    # <- calls external


class Mixed(Derived, gone):
#     ^ definition.class app.sub.deep.Mixed exported
#           ^ extends app.models.Derived import
#                    ^ extends unresolved
    def step(self):
    #   ^ definition.method app.sub.deep.Mixed.step exported
        self.run()
        #    ^ calls app.models.Root.run inheritance
        self.anything()
        #    ^ calls external
        return Derived.step(self)
        #      ^ references app.models.Derived import
        #              ^ calls app.models.Derived.step module
