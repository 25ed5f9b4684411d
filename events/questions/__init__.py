"""Questions at a livestream: asked, voted up, answered live or in writing."""
