"""One kill, of what serves and now and then of what works; and the new start."""

from tests.faults.conftest import Scene
from tests.faults.injectors import kill


def strike_once(scene: Scene, number: int) -> str:
    """Processes in turn, and with every third kill the worker as well; what was struck."""
    web = scene.room.webs[number % len(scene.room.webs)]
    if scene.installation is not None and number % 3 == 1:
        scene.installation.kill_worker()
        scene.installation.start_worker()
    kill(web)
    web.start()
    return web.url
