// Module loader: data-module="chat/message_list chat/composer" imports both modules and calls the default export of
// each with the element. An element is started once.

const started = new WeakSet();

export function startModules(root) {
  const elements = [...root.querySelectorAll("[data-module]")];
  if (root instanceof Element && root.matches("[data-module]")) elements.unshift(root);
  return Promise.all(elements.map(start));
}

async function start(element) {
  if (started.has(element)) return;
  started.add(element);
  for (const name of element.dataset.module.split(/\s+/).filter(Boolean)) {
    try {
      const module = await import(`main/${name}.js`);
      await module.default(element);
    } catch (error) {
      // One module that fails leaves the others, and the page itself, working.
      console.error(`module ${name}`, error);
    }
  }
}
