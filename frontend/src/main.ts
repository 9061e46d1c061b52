import "./styles/main.scss";
import "./htmx";
import { returnFocus, startBase } from "./base";
import { startMaps } from "./map";
import { startWall } from "./wall";

startBase();
startMaps();
startWall();
// last, when the map has its tab stop
returnFocus();
