import { Button } from "./button";
//       ^ imports button.Button import
//                        ^ imports button import

interface Props { title: string; onClick: () => void }
//        ^ definition.interface view.Props
//                ^ definition.field view.Props.title
//                               ^ definition.field view.Props.onClick

/** The whole page. */
export function Page({ title, onClick }: Props): JSX.Element {
//              ^ definition.function view.Page exported doc=The_whole_page.
//                                       ^ uses view.Props scope
//                                               ^ references unresolved
//                                                   ^ uses unresolved
  const inner = (event: Event) => { onClick(); };
//      ^ definition.function view.Page.inner
//                      ^ uses external
  return <main title={title}><Button onClick={inner}>{title.trim()}</Button><hr /><Lists.Item /></main>;
//                            ^ references button.Button import
//                                            ^ references view.Page.inner scope
//                                                          ^ calls unresolved
//                                                                                 ^ references unresolved
//                                                                                       ^ references unresolved
}
export const Small = (props: Props) => <Page {...props} />;
//           ^ definition.function view.Small exported
//                           ^ uses view.Props scope
//                                      ^ references view.Page scope
