// The payload of `chat.entries` with one posted message, for the references in JavaScript.

export function entries(order, seq, due) {
  return {
    room: order.room,
    entries: [
      {
        seq,
        kind: "posted",
        id: String(seq).padStart(26, "0"),
        author: { id: "01KAXQ5ZJ0000000000000BRAM", name: "Bram van Dijk" },
        body: `${due.toFixed(6)} Goed verhaal, hier kunnen wij morgen mee aan de slag.`,
        sent_at: "2026-11-25T20:00:00.123456+00:00",
        client_id: "01KAXQ5ZJ0-client-000000000001",
      },
    ],
  };
}
