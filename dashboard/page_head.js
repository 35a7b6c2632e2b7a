// Runs before anything of Streamlit: says at once that a choice was heard, without waiting for the server's answer.
(() => {
  const page = document.documentElement, heard = new WeakSet();
  let last, expected;

  page.dataset.working = '';
  const width = parseInt(localStorage.getItem('sidebarWidth'), 10); // as Streamlit keeps it where a reader changed it
  if (width) page.style.setProperty('--side-bar', `${width}px`);

  // 50 ms after the last message of a run: all that it changed has been put on the page
  function settle() {
    if (document.querySelector('[data-testid=stApp]')?.dataset.testScriptState !== 'notRunning') return;
    delete page.dataset.working;
    delete page.dataset.opening;
  }

  // a BackMsg: field 11 asks for a run, and in it field 6 says that a timer did, no reader
  function readerAsks(message) {
    if (!(message instanceof Uint8Array)) return false;
    let at = 0;
    const number = () => {
      for (let value = 0, place = 1; ; place *= 128) {
        const byte = message[at++];
        value += (byte & 127) * place;
        if (!(byte & 128)) return value;
      }
    };
    if (number() >> 3 !== 11) return false;
    number();
    while (at < message.length) {
      const field = number(), value = number();
      if (field >> 3 === 6) return !value;
      if ((field & 7) === 2) at += value; // so many bytes of text or of another message
    }
    return true;
  }

  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (message) {
    if (!heard.has(this)) {
      heard.add(this);
      this.addEventListener('message', () => { clearTimeout(last); last = setTimeout(settle, 50); });
    }
    if (readerAsks(message)) {
      clearTimeout(expected);
      page.dataset.working = '';
    }
    return send.call(this, message);
  };

  // a row that is chosen is asked for 150 ms later: Streamlit's list waits whether another follows
  addEventListener('pointerup', ({target}) => {
    if (!target.closest?.('[data-testid=stDataFrame]')) return;
    page.dataset.working = '';
    clearTimeout(expected);
    expected = setTimeout(settle, 500); // a click on its head asks for nothing
  }, true);
})();
