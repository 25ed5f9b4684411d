// Order loop of the references in JavaScript: sends the frames of an order when they are due.

export const now = () => Number(process.hrtime.bigint()) / 1e9;

// send(seq, due) for each frame of the order; `due` is in seconds of now().
export function drive(order, send) {
  const began = now();
  let seq = order.first;
  const last = order.first + order.count;
  const step = () => {
    for (;;) {
      if (seq === last) return;
      const due = began + (seq - order.first) / order.rate;
      const left = due - now();
      if (left > 0.0005) return void setTimeout(step, left * 1000);
      send(seq, due);
      seq += 1;
      if (left < 0) return void setImmediate(step);
    }
  };
  step();
}
