class Root:
#     ^ definition.class app.models.Root exported
    def run(self):
    #   ^ definition.method app.models.Root.run exported
        return self.step()
        #           ^ calls app.models.Root.step self

    def step(self):
    #   ^ definition.method app.models.Root.step exported
        return 1


class Left(Root):
#     ^ definition.class app.models.Left exported
#          ^ extends app.models.Root scope
    def step(self):
    #   ^ definition.method app.models.Left.step exported
        return super().step()
        #      ^ calls external
        #              ^ calls app.models.Root.step inheritance


class Base(Root):
#     ^ definition.class app.models.Base exported
#          ^ extends app.models.Root scope
    def step(self):
    #   ^ definition.method app.models.Base.step exported
        return 2


class Derived(Left, Base):
#     ^ definition.class app.models.Derived exported
#             ^ extends app.models.Left scope
#                   ^ extends app.models.Base scope
    def other(self):
    #   ^ definition.method app.models.Derived.other exported
        self.run()
        #    ^ calls app.models.Root.run inheritance
        return self.step()
        #           ^ calls app.models.Derived.step self

    def step(self):
    #   ^ definition.method app.models.Derived.step exported
        return super().step()
        #      ^ calls external
        #              ^ calls app.models.Left.step inheritance


def make() -> Derived:
#   ^ definition.function app.models.make exported
#             ^ uses app.models.Derived scope
    return Derived()
    #      ^ calls app.models.Derived scope


default = make()
# <- definition.variable app.models.default exported
#         ^ calls app.models.make scope
