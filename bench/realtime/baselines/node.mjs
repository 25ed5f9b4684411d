// Node's own socket.io, websocket only, sending the same frames: node node.mjs PORT

import { createServer } from "node:http";
import { Server } from "socket.io";
import { entries } from "./frames.mjs";

const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false });
const now = () => Number(process.hrtime.bigint()) / 1e9;

function drive(order) {
  const began = now();
  let seq = order.first;
  const last = order.first + order.count;
  const step = () => {
    for (;;) {
      if (seq === last) return;
      const due = began + (seq - order.first) / order.rate;
      const left = due - now();
      if (left > 0.0005) return void setTimeout(step, left * 1000);
      io.to(order.room).emit("chat.entries", entries(order, seq, due));
      seq += 1;
      if (left < 0) return void setImmediate(step);
    }
  };
  step();
}

io.on("connection", (socket) => {
  socket.on("chat.enter", ({ room }, answer) => {
    socket.join(room);
    answer({ ok: true });
  });
  socket.on("drive", (order, answer) => {
    answer({ ok: true });
    drive(order);
  });
});
http.listen(Number(process.argv[2]), "127.0.0.1", 4096);
