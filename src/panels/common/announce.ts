/** Milliseconds after which an answer is taken for lost. */
const PATIENCE = 5000;

/**
 * Hears what the extension sends, and tells it that the page is there and knows nothing; again and again until something comes.
 * The extension answers each time with all there is to show.
 */
export function announce(
  send: (message: { readonly type: 'ready' }) => void,
  onMessage: (event: MessageEvent) => void,
): void {
  const asking = setInterval(() => send({ type: 'ready' }), PATIENCE);
  window.addEventListener('message', (event) => {
    clearInterval(asking);
    onMessage(event);
  });
  send({ type: 'ready' });
}
