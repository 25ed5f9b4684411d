// Node's own socket.io, websocket only, sending the same frames: node node.mjs PORT

import { createServer } from "node:http";
import { Server } from "socket.io";
import { entries } from "./frames.mjs";
import { drive } from "./orders.mjs";

const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false });
io.on("connection", (socket) => {
  socket.on("chat.enter", ({ room }, answer) => {
    socket.join(room);
    answer({ ok: true });
  });
  socket.on("drive", (order, answer) => {
    answer({ ok: true });
    drive(order, (seq, due) => io.to(order.room).emit("chat.entries", entries(order, seq, due)));
  });
});
http.listen(Number(process.argv[2]), "127.0.0.1", 4096);
