// uWebSockets with its native publish, as Bun brings it, sending the same frames: bun uwebsockets.mjs PORT

import { entries } from "./frames.mjs";
import { drive, now } from "./orders.mjs";

// Bun counts from its own start, so the clock of the load generator comes with the order.
function publish(order) {
  const ahead = order.sent_at - now();
  drive(order, (seq, due) => {
    server.publish(order.room, `42${JSON.stringify(["chat.entries", entries(order, seq, due + ahead)])}`);
  });
}

function answer(socket, message) {
  const start = message.indexOf("[");
  const number = message.slice(2, start);
  const [name, data] = JSON.parse(message.slice(start));
  if (name === "chat.enter") socket.subscribe(data.room);
  socket.send(`43${number}[{"ok":true}]`);
  if (name === "drive") publish(data);
}

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: Number(process.argv[2]),
  fetch: (request, self) => (self.upgrade(request) ? undefined : new Response("not a websocket", { status: 400 })),
  websocket: {
    perMessageDeflate: false,
    sendPings: false,
    idleTimeout: 0,
    open: (socket) => void socket.send('0{"sid":"x"}'),
    message(socket, message) {
      if (message === "40") socket.send('40{"sid":"x"}');
      else if (message.startsWith("42")) answer(socket, message);
    },
  },
});
