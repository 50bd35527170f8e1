// The claim page's list in the real dhtmlxGrid, which draws only the rows in view.
"use strict";

class Grid {
  constructor(container, columns, { onRowDblClicked }) {
    container.style.height = "264px";
    this.columns = columns;
    this.grid = new dhtmlXGridObject(container);
    this.grid.setImagePath("/GMKT.INC.Gsm.Web/static/");
    this.grid.setHeader(columns.map(({ label }) => label).join(","));
    this.grid.setInitWidths(columns.map(({ width }) => width).join(","));
    this.grid.setColTypes(columns.map(({ type }) => type ?? "rotxt").join(","));
    this.grid.init();
    this.grid.enableSmartRendering(true);
    this.grid.attachEvent("onRowDblClicked", (id) => { onRowDblClicked(String(id)); });
  }

  load(rows, idOf) {
    this.grid.clearAll();
    const data = (row) => this.columns.map(({ type, field }) => (type === "ch" ? "0" : row[field]));
    this.grid.parse({ rows: rows.map((row) => ({ id: idOf(row), data: data(row) })) }, "json");
  }
}
