"""The application: the tables on one side, the page and its callbacks on the other."""

from pathlib import Path

import dash
import pandas as pd

from dashboard import callbacks, data, layout


def create_app(source: pd.DataFrame | str | Path) -> dash.Dash:
    """A Dash application that shows the figures of a frame or of a saved table, all assets its own.

    Serve it with `create_app(source).run()`, or give its `.server` to a WSGI server.
    """
    tables = data.open_tables(source)
    app = dash.Dash(__name__, title="Chiffrier", update_title="", serve_locally=True)
    app.index_string = app.index_string.replace("<html>", '<html lang="fr">')
    app.layout = layout.page(tables)
    callbacks.register(app, tables)
    return app
