function named() {}
//       ^ definition.function lib/named.named exported
export default named;
//             ^ references lib/named.named scope
