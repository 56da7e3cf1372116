// The console works without this file. It adds the keyboard, live updates and local times.
(() => {
  'use strict';
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Keyboard -------------------------------------------------------------
  const typing = (el) => el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName)) && el.type !== 'radio';

  const move = (by) => {
    const items = $$('[data-item]');
    if (!items.length) return;
    const at = items.indexOf(document.activeElement);
    const next = items[at < 0 ? (by > 0 ? 0 : items.length - 1) : Math.min(Math.max(at + by, 0), items.length - 1)];
    next.focus({ preventScroll: true });
    (next.closest('li') || next).scrollIntoView({ block: 'nearest' });
  };

  const press = (key) => {
    const target = $(`[data-key="${key}"]`) || (key === 'Escape' ? $('[data-key="u"]') : null);
    if (!target) return false;
    target.click();
    return true;
  };

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const help = $('#help');
    if (help && help.open) return;
    if (typing(event.target)) {
      if (event.key === 'Escape') event.target.blur();
      return;
    }
    const known = {
      j: () => (move(1), true),
      k: () => (move(-1), true),
      a: () => press('a'),
      e: () => press('e'),
      r: () => press('r'),
      d: () => press('d'),
      u: () => press('u'),
      Escape: () => press('Escape'),
      '?': () => (help && help.showModal(), true),
    }[event.key];
    if (known && known()) event.preventDefault();
  });

  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-help]')) $('#help').showModal();
    if (event.target.id === 'help') event.target.close();
  });

  // Live -----------------------------------------------------------------
  let source = null;
  let missed = false;
  // What is being replaced forgets what it was told meanwhile: it is told once more when it is there again.
  const again = new Set();
  const refresh = (name) => {
    if (!window.htmx) return;
    if ($('.htmx-request, .htmx-swapping, .htmx-added, .htmx-settling')) again.add(name);
    htmx.trigger(document.body, name);
  };
  document.addEventListener('htmx:afterSettle', () => {
    const names = [...again];
    again.clear();
    if (names.length) setTimeout(() => names.forEach(refresh));
  });
  const shown = () => {
    const open = $('[data-proposal]');
    return open && open.dataset.proposal;
  };
  const ring = (id) => {
    refresh('hq:changed');
    if (id) refresh(`hq:changed-${id}`);
  };
  const listen = () => {
    if (source || !document.body.hasAttribute('data-live')) return;
    source = new EventSource('/live');
    source.addEventListener('changed', (event) => ring(event.data));
    source.addEventListener('open', () => {
      // Whatever happened while the line was cut is caught up with at once.
      if (missed) ring(shown());
      missed = false;
      document.body.classList.remove('offline');
    });
    source.addEventListener('error', () => {
      missed = true;
      document.body.classList.add('offline');
      if (source.readyState === EventSource.CLOSED) {
        source = null;
        setTimeout(listen, 5000);
      }
    });
  };
  window.addEventListener('pagehide', () => {
    if (source) source.close();
    source = null;
    leave();
  });
  window.addEventListener('pageshow', () => {
    listen();
    follow();
  });

  // A session as it goes on: a step is read anew, what is being said is only shown -------
  let session = null;
  const leave = () => {
    if (session) session.source.close();
    session = null;
  };
  const tell = () => {
    const words = $('[data-words]');
    if (!words) return;
    words.textContent = session ? session.said.replace(/\s*<(?:t|ta|tas|task)?$|\s*<task-[^]*$/, '') : '';
    words.hidden = !words.textContent;
    $('[data-lost]').hidden = !(session && session.lost);
  };
  const follow = () => {
    const place = $('[data-follow]');
    const address = place && place.dataset.follow;
    if (!session || session.address !== address) {
      leave();
      if (address) join(address, place.dataset.last);
    }
    tell();
  };
  const join = (address, last) => {
    const mine = { address, said: '', lost: false, source: new EventSource(last < 0 ? address : `${address}?after=${last}`) };
    session = mine;
    const hear = (name, heard) => mine.source.addEventListener(name, (event) => {
      if (session !== mine) return;
      heard(event);
      tell();
    });
    hear('open', () => { mine.lost = false; });
    hear('text', (event) => {
      const piece = JSON.parse(event.data);
      mine.said = (piece.from ? mine.said : '') + piece.text;
    });
    hear('entry', (event) => {
      if (JSON.parse(event.data).kind !== 'asked') mine.said = '';
      refresh('hq:step');
    });
    hear('end', () => {
      mine.source.close();
      refresh('hq:step');
    });
    hear('error', () => {
      mine.lost = true;
      if (mine.source.readyState === EventSource.CLOSED) {
        setTimeout(() => {
          if (session !== mine) return;
          leave();
          follow();
        }, 5000);
      }
    });
  };

  // What failed leaves the page, and what was typed into it, as it is ------
  let saidOf = null;
  const say = (verb, title, text) => {
    const said = $('#said');
    if (!said || (!said.hidden && said.textContent === title + text)) return;
    const strong = document.createElement('strong');
    strong.textContent = title;
    const rest = document.createElement('p');
    rest.textContent = text;
    said.replaceChildren(strong, rest);
    said.hidden = false;
    saidOf = verb;
  };
  const unsay = (verb) => {
    const said = $('#said');
    if (said && (verb !== 'get' || saidOf === 'get')) said.hidden = true;
  };
  const failed = (event) => {
    const { xhr, boosted, requestConfig } = event.detail;
    const verb = requestConfig.verb;
    if (xhr.status < 400 || (boosted && verb === 'get')) {
      unsay(verb);
      return false;
    }
    if (xhr.status === 401) {
      say(verb, 'You are not signed in any more.', 'Open a link of hq sign-in in another tab of this browser. What you typed is still here.');
      return true;
    }
    if (verb === 'get') {
      setTimeout(() => {
        ring(shown());
        refresh('hq:step');
      }, 5000);
      return true;
    }
    const answer = new DOMParser().parseFromString(xhr.responseText, 'text/html');
    const problem = $('[data-problem]', answer);
    if ($('#main', answer) && !problem) return false;
    const words = (selector, otherwise) => (problem ? $(selector, problem).textContent : otherwise);
    say(verb, words('h1', 'Something failed here.'), words('p', 'Look at it again before you repeat it. What you typed is still here.'));
    return true;
  };
  document.addEventListener('htmx:sendError', (event) => {
    const { boosted, requestConfig } = event.detail;
    if (requestConfig.verb !== 'get') {
      say('post', 'No answer came.', 'Look at it again before you repeat it: it may be done. What you typed is still here.');
    } else if (boosted) {
      say('get', 'The console does not answer.', 'Try again in a moment.');
    }
  });

  // A refreshed list keeps the place one was at, and what was unfolded -----
  let place = null;
  let unfolded = [];
  document.addEventListener('htmx:beforeSwap', (event) => {
    if (failed(event)) {
      event.detail.shouldSwap = false;
      return;
    }
    const active = document.activeElement;
    place = active && active.dataset && event.target.contains(active) ? active.dataset.item || null : null;
    unfolded = event.detail.boosted ? [] : $$('details[id][open]', event.target).map((el) => el.id);
  });
  document.addEventListener('htmx:afterSwap', () => {
    unfolded.map((id) => document.getElementById(id)).forEach((el) => { if (el) el.open = true; });
    unfolded = [];
    if (place) {
      const again = $(`[data-item="${CSS.escape(place)}"]`);
      if (again) again.focus({ preventScroll: true });
    }
    place = null;
    begin();
  });

  // Times ------------------------------------------------------------------
  const units = [['day', 86400], ['h', 3600], ['min', 60]];
  const distance = (then) => {
    const seconds = Math.round((Date.now() - then) / 1000);
    const past = Math.abs(seconds);
    const unit = units.find(([, size]) => past >= size);
    if (!unit) return 'just now';
    const n = Math.floor(past / unit[1]);
    const words = `${n} ${unit[0] === 'day' && n > 1 ? 'days' : unit[0]}`;
    return seconds < 0 ? `in ${words}` : `${words} ago`;
  };
  const local = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  const times = () => $$('time[datetime]').forEach((el) => {
    const then = Date.parse(el.dateTime);
    el.textContent = distance(then);
    el.title = local.format(then);
  });

  // Text areas grow with what is in them ------------------------------------
  const grow = (area) => {
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight + 2}px`;
  };
  document.addEventListener('input', (event) => {
    if (event.target.tagName === 'TEXTAREA') grow(event.target);
  });

  const begin = () => {
    times();
    $$('textarea').forEach(grow);
    const wanted = $('[autofocus]');
    if (wanted && document.activeElement === document.body) wanted.focus();
    follow();
  };
  setInterval(times, 30000);
  listen();
  begin();
})();
