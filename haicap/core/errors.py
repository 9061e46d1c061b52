"""The one exception for what a person asked for and cannot have."""


class Refusal(Exception):  # noqa: N818 – it is the person's request that fails, not the program
    """Something a person did that cannot be done; never a bug.

    `code` is stable and dotted ("period.key"). `message` is what the person reads: rooms that know
    Django give a lazy text, core leaves it empty and haicap.ui.wording has the words for its codes.
    `place` names the field, cell or character position it belongs to. `params` fill the words.
    """

    def __init__(self, code: str, message: object = "", /, *, place: str = "", **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.place = place
        self.params = params

    def __str__(self) -> str:
        if self.message:
            return str(self.message)
        details = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code} ({details})" if details else self.code
