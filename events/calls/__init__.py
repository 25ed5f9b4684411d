"""Feature `calls`: WebRTC calls of online coffees, and the device check before them."""
