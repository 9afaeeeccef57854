"""What every noun is: frozen, closed to unknown names, and the same after a trip through JSON."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A frozen record that refuses unknown names."""

    model_config = ConfigDict(frozen=True, extra="forbid")
