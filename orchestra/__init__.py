"""Orchestra: one daemon and one web page for a fleet of terminal agents.

The layers, from the ground up; imports run down only (tests/test_layers.py holds them to it):

errors, ids                           words that everyone uses
screen, tmux, access, agents, audit   pure subjects that do not know each other
wire, sync                            pure: the conversation in bytes; what to send, when
runtime, store                        tasks, processes, files, clock
web                                   HTTP and WebSocket to and from our values
server, cli                           choose, assemble, run
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
