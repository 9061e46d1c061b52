"""What the desk itself remembers: questions that people keep."""

from django.db import models


class SavedQuestion(models.Model):
    """A question of the explorer under a name. `query` is its address without the question mark: it says what
    was asked, never what was answered. `shared`: colleagues of the owner's units see it too; whoever opens
    it asks with their own scope."""

    owner = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    query = models.TextField()
    shared = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="desk_one_question_per_name")]

    def __str__(self) -> str:
        return self.name
