// The claim page's list in the real SlickGrid: rows and columns in view only, the first two frozen.
"use strict";

class Grid {
  constructor(container, columns, { onRowDblClicked }) {
    container.style.height = "264px";
    const text = (label) => Object.assign(document.createElement("span"), { textContent: label });
    const made = columns.map(({ label, width, field, type }) => ({ id: field ?? type, name: text(label), field: field ?? "none", width }));
    this.data = new Slick.Data.DataView();
    this.grid = new Slick.Grid(container, this.data, made, {
      enableCellNavigation: true, enableColumnReorder: false, frozenColumn: 1,
    });
    this.data.onRowCountChanged.subscribe(() => {
      this.grid.updateRowCount();
      this.grid.render();
    });
    this.data.onRowsChanged.subscribe((_, { rows }) => {
      this.grid.invalidateRows(rows);
      this.grid.render();
    });
    this.grid.onDblClick.subscribe((_, { row }) => { onRowDblClicked(this.data.getItem(row).id); });
  }

  load(rows, idOf) {
    this.data.setItems(rows.map((row) => ({ ...row, id: idOf(row) })));
    this.grid.invalidate();
    this.grid.scrollRowToTop(0);
  }
}
