"""Questions: asked at a livestream, voted up, answered live or in writing."""
