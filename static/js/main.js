// Where every page starts: the habits all pages share, then the modules this page names.

import { watchSubmits } from "./shared/submit_once.js";
import { watchDialogs } from "./shared/dialog.js";
import { startModules } from "./shared/autostart.js";
import { watchToasts } from "./shared/toast.js";
import { watchWaiting } from "./shared/call_waiting.js";

watchSubmits();
watchDialogs();
watchToasts();
watchWaiting();
startModules(document).then(() => {
  document.documentElement.dataset.ready = ""; // from here on a press does what the modules make of it
});
