"""A database of its own on the server that `--postgres` names: texts in the order of their code points, all of Unicode."""

import os
from urllib.parse import unquote, urlsplit


class Server:
    def __init__(self, url):
        import psycopg

        self.url, self.name = url, f"golden_{os.getpid()}"
        self.admin = psycopg.connect(url, autocommit=True)
        self.admin.execute(
            f"CREATE DATABASE {self.name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
        )

    def settings(self):
        parts = urlsplit(self.url)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": self.name,
            "HOST": parts.hostname,
            "PORT": parts.port or 5432,
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
        }

    def drop(self):
        self.admin.execute(f"DROP DATABASE {self.name} WITH (FORCE)")
        self.admin.close()
