"""HTTP and WebSocket to and from our values: one port, one listener, one table of routes.

This door opens without Quart, hypercorn or pydantic; whoever builds the application imports `orchestra.web.app`
and `orchestra.web.listener` themselves, so that the command line stays quick.
"""

from orchestra.web.call import Answer, Call
from orchestra.web.problem import Problem, Refusal, problem_of
from orchestra.web.route import Handler, Route

__all__ = ["Answer", "Call", "Handler", "Problem", "Refusal", "Route", "problem_of"]
