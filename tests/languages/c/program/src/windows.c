int old(int a, int b) { return a + b; }
//  ^ definition.function old
void CALLBACK called(void) { old(1, 2); }
//            ^ definition.function called
//                           ^ calls old scope
