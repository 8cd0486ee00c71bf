/**
 * Filters and order of the main table. The page says everything without it; it shows the controls only where it runs. It
 * reads `data-` attributes and changes nothing but which rows are hidden and in which order they stand.
 */
export const SCRIPT = `
(function () {
  'use strict';
  var form = document.getElementById('filters');
  var table = document.getElementById('board');
  if (!form || !table) return;
  var bodies = Array.prototype.slice.call(table.tBodies);
  var rows = bodies.flatMap(function (body) {
    return Array.prototype.slice.call(body.querySelectorAll('tr[data-row]')).map(function (row) {
      return { row: row, home: body };
    });
  });
  var flat = document.createElement('tbody');
  var said = document.getElementById('shown');
  function keeps(row) {
    return ['family', 'size', 'method'].every(function (name) {
      var wanted = form.elements[name].value;
      return wanted === '' || row.dataset[name] === wanted;
    }) && (form.elements.controls.checked || row.dataset.control === undefined);
  }
  function place(row, column) {
    var cell = row.querySelector('td[data-column="' + column + '"]');
    var value = cell && cell.dataset.place;
    return value === undefined || value === null || value === '' ? 1e9 : Number(value);
  }
  function update() {
    var column = form.elements.order.value;
    var shown = 0;
    rows.forEach(function (one) {
      one.row.hidden = !keeps(one.row);
      if (!one.row.hidden) shown += 1;
    });
    table.classList.toggle('flat', column !== '');
    if (column === '') {
      flat.remove();
      rows.forEach(function (one) { one.home.appendChild(one.row); });
      bodies.forEach(function (body) {
        body.hidden = !body.querySelector('tr[data-row]:not([hidden])');
        table.appendChild(body);
      });
    } else {
      rows.slice().sort(function (a, b) {
        return place(a.row, column) - place(b.row, column);
      }).forEach(function (one) { flat.appendChild(one.row); });
      bodies.forEach(function (body) { body.hidden = true; });
      table.appendChild(flat);
    }
    said.textContent = shown + ' of ' + rows.length + ' checkpoints shown';
  }
  form.hidden = false;
  form.addEventListener('change', update);
  form.addEventListener('submit', function (event) { event.preventDefault(); });
  update();
})();
`;
