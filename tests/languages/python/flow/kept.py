KEY = "b"


class Part:
    def run(self):
        return self


class Other:
    def run(self):
        pass
