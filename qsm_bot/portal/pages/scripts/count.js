// How often each element is on the page, how often it can be used, and by which selector.
({ keys }, { find, used }) =>
  keys.map((key) => {
    const hits = find(key);
    const usable = hits.filter((hit) => qsmSeen(hit) && !hit.disabled);
    return { matches: hits.length, usable: usable.length, used: used[key] ?? null };
  })
