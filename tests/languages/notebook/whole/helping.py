def help(a, b):
#   ^ definition.function helping.help

    return a
