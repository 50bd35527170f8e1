// The claim page's list in the real jqGrid: pages of thirty rows, the first columns frozen.
"use strict";

class Grid {
  constructor(container, columns, { onRowDblClicked }) {
    const [table, pager] = ["table", "div"].map((tag) => document.createElement(tag));
    [table.id, pager.id] = ["claim_list", "claim_pager"];
    container.replaceChildren(table, pager);
    const shown = columns.filter(({ type }) => type !== "ch");
    this.list = jQuery(table).jqGrid({
      datatype: "local",
      data: [],
      localReader: { id: "contr_no" },
      multiselect: true,
      colNames: shown.map(({ label }) => label),
      colModel: shown.map(({ field, width }, index) => ({ name: field, width, frozen: index < 1 })),
      shrinkToFit: false,
      width: 1000,
      height: 236,
      rowNum: 30,
      pager: `#${pager.id}`,
      viewrecords: true,
      ondblClickRow: (id) => { onRowDblClicked(id); },
    });
    this.list.jqGrid("setFrozenColumns");
  }

  load(rows) {
    this.list.jqGrid("clearGridData");
    this.list.jqGrid("setGridParam", { data: rows, page: 1 }).trigger("reloadGrid");
  }
}
