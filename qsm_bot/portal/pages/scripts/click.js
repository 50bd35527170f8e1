// Clicks an element that only shows something, whatever lies above it.
({ key }, { need }) => { need(key).click(); }
