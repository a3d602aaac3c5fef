namespace Apart;

class Uses {
    object Run() => new Box();
//                      ^ calls unresolved
}
