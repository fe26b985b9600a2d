"""The application: the tables on one side, the page and its callbacks on the other."""

from collections.abc import Iterable
from pathlib import Path

import dash
import pandas as pd

from dashboard import callbacks, layout
from dashboard.library import Library, open_library
from etl.documents import Document


def create_app(
    source: pd.DataFrame | str | Path | Library,
    documents: Iterable[Document] = (),
    corrections: Path | None = None,
) -> dash.Dash:
    """A Dash application that shows the figures of a frame, a saved table, a store or a library, all assets its own.

    With the documents that they were read in, it shows the whole texts too. Serve it with `create_app(source).run()`,
    or give its `.server` to a WSGI server.
    """
    library = source if isinstance(source, Library) else open_library(source, documents)
    app = dash.Dash(
        __name__, title="Chiffrier", update_title="", serve_locally=True, on_error=callbacks.say_trouble
    )
    app.index_string = app.index_string.replace("<html>", '<html lang="fr">')
    app.layout = layout.page()
    callbacks.register(app, library, corrections)
    return app
