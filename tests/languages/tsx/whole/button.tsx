export class Button extends React.Component<{ label: string }> {
//           ^ definition.class button.Button exported
//                          ^ references unresolved
//                                ^ extends unresolved
  render() { return <button>{this.props.label}</button>; }
//                                ^ references external
//                                      ^ references external
}
