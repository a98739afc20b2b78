"""From a request to its answer: read it, have a worker answer it, or say why not."""

from __future__ import annotations

from fastapi import Request, Response

from spindetect.web.inputs import Memory, documents_of
from spindetect.web.pool import Pool
from spindetect.web.problems import RequestError
from spindetect.web.settings import Settings
from spindetect.web.work import Job, Question, Shape


class Answers:
    """Answers questions with the workers of a pool, within the limits of the settings."""

    def __init__(self, pool: Pool, settings: Settings, memory: Memory) -> None:
        self._pool = pool
        self._limits = settings.limits
        self._has_archive = settings.sources.archive is not None
        self._memory = memory

    async def to(self, request: Request, question: Question, shape: Shape) -> Response:
        """
        Raises:
            RequestError: why there is no answer.
        """
        if question == "trace" and not self._has_archive:
            raise RequestError(409, "this server has no archive of originals: start it with --archive ARCHIVE")
        self._pool.refuse_if_full()

        async def gone() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass

        with self._memory.share() as take:
            with self._pool.unbegun():
                documents = await documents_of(request, question, self._limits, take)
            done = await self._pool.run(Job(question, documents, shape, self._limits.text_characters), gone)
        if done.status != 200:
            raise RequestError(done.status, done.body.decode("utf-8", "replace"))
        # The page of a report carries its own policy for its own style and script; opened here it may do nothing else.
        headers = {"Content-Security-Policy": "sandbox allow-scripts; frame-ancestors 'none'"} if shape == "html" else None
        return Response(done.body, 200, headers, done.media_type)
