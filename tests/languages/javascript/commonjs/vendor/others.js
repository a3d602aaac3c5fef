// What others wrote is found by its names, and its own uses are left out.
function theirs() {
//       ^ definition.function vendor/others.theirs
  return theirs();
//       ^ nothing
}
