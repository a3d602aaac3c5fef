global using Lib.Deep;
global using static Lib.Tools;
