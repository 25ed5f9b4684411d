// Entry point of every page: shared behaviour first, then the modules that the page names.

import { watchSubmits } from "./shared/submit_once.js";
import { watchDialogs } from "./shared/dialog.js";
import { startModules } from "./shared/autostart.js";
import { watchToasts } from "./shared/toast.js";
import { watchWaiting } from "./shared/call_waiting.js";
import { watchBottomBar } from "./shared/bottom_bar.js";

watchSubmits();
watchDialogs();
watchToasts();
watchWaiting();
watchBottomBar();
startModules(document).then(() => {
  document.documentElement.dataset.ready = ""; // the modules handle presses from now on
});
