// Where every page starts: the habits all pages share, then the modules this page names.

import { watchSubmits } from "./shared/busy.js";
import { watchDialogs } from "./shared/dialog.js";
import { startModules } from "./shared/modules.js";
import { watchToasts } from "./shared/toast.js";

watchSubmits();
watchDialogs();
watchToasts();
startModules(document);
