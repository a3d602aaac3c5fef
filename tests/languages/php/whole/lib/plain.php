<?php
function plain() {}
//       ^ definition.function plain

plain();
// <- calls plain scope
