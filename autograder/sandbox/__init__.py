"""Student code runs in processes of its own, and only bytes come back. One method: `Sandbox.answer`."""
